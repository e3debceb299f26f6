// Finds every entry that has a word beginning with each word typed. Nothing typed leaves the page.
"use strict";
(function () {
  var box = document.getElementById("words"), list = document.getElementById("results"), said = document.getElementById("said");
  var all = document.getElementById("everything");
  var entries = JSON.parse(document.getElementById("entries").textContent);
  function plain(text) {
    return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  }
  function split(text) {
    return plain(text).match(/[a-z0-9]+/g) || [];
  }
  entries.forEach(function (entry) {
    entry.inTitle = split(entry.title);
    entry.inText = split(entry.title + " " + entry.text);
  });
  function starts(words, wanted) {
    return words.some(function (word) { return word.indexOf(wanted) === 0; });
  }
  function find(typed) {
    var wanted = split(typed);
    if (!wanted.length) { return []; }
    return entries.filter(function (entry) {
      return wanted.every(function (word) { return starts(entry.inText, word); });
    }).map(function (entry, place) {
      var rank = wanted.filter(function (word) { return starts(entry.inTitle, word); }).length;
      return { entry: entry, rank: rank, place: place };
    }).sort(function (a, b) { return b.rank - a.rank || a.place - b.place; }).map(function (found) { return found.entry; });
  }
  function item(entry) {
    var li = document.createElement("li"), link = document.createElement("a"), text = document.createElement("div");
    link.href = entry.href;
    link.textContent = entry.kind + ": " + entry.title;
    text.textContent = entry.text;
    li.append(link, text);
    return li;
  }
  function show() {
    var found = find(box.value), typed = box.value.trim();
    list.replaceChildren.apply(list, found.slice(0, 60).map(item));
    all.hidden = Boolean(typed);
    said.textContent = !typed ? "" : found.length + (found.length === 1 ? " entry found" : " entries found") + (found.length > 60 ? "; the first 60 are shown, type more words" : "");
  }
  document.getElementById("finder").hidden = false;
  document.getElementById("finder").addEventListener("submit", function (event) { event.preventDefault(); show(); });
  box.addEventListener("input", show);
}());
