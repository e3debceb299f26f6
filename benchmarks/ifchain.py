"""The policy as a programmer would write it by hand: one `if` for each norm, the strongest first, the first decides.

Definitions that several norms share are worked out when they are first needed on the way down, no earlier.
"""

from __future__ import annotations


def decide(f):
    """The modality and the norm that decides on complete facts."""
    request, requester, material, age = f["request"], f["requester"], f["material"], f["age_years"]
    official = requester in ("police", "court", "agency")
    private_person = not f["deceased"] and not f["public_figure"]

    # The charter.
    if request == "destroy" and f["in_dispute"]:
        return "prohibited", "archive/charter#no-destruction-in-dispute"
    if f["sealed"] and not official and not f["consented"]:
        return "prohibited", "archive/charter#sealed-stays-shut"
    personal_record = material in ("letter", "register", "case_file")
    if (
        personal_record
        and private_person
        and (request in ("loan", "publish") or f["medium"] == "network")
        and not f["consented"]
        and not official
    ):
        return "prohibited", "archive/charter#private-papers-stay-in"
    if request == "publish" and age < 30 and f["names_others"] and not f["approved"]:
        return "prohibited", "archive/charter#no-naming-others"
    if f["area"] == "vault" and requester in ("public", "press") and not f["supervised"]:
        return "prohibited", "archive/charter#vault-with-escort"
    if material == "case_file" and requester == "press" and age < 75:
        return "prohibited", "archive/charter#case-files-not-to-press"
    if official and f["emergency"] and f["supervised"]:
        return "permitted", "archive/charter#rescue"
    owner_asks = requester == "donor" or (requester == "relative" and f["consented"])
    if owner_asks and material == "letter" and not f["sealed"]:
        return "permitted", "archive/charter#own-letters"
    if material == "register" and age >= 100 and f["published"]:
        return "permitted", "archive/charter#old-registers"
    if material == "map" and request in ("view", "quote") and f["published"]:
        return "permitted", "archive/charter#published-maps"

    # The act.
    if f["court_order"]:
        if requester == "court" and request == "view":
            return "required", "archive/act#court-views"
        if request == "copy" and requester in ("court", "police") and not f["donor_terms"]:
            return "required", "archive/act#court-copies"
        if material == "case_file" and f["approved"]:
            return "required", "archive/act#order-for-case-file"
        if f["emergency"] and f["notice_days"] < 2:
            return "required", "archive/act#order-in-emergency"
        if owner_asks and personal_record:
            return "required", "archive/act#order-for-owner"
    else:
        if requester == "police" and material == "case_file" and not f["emergency"]:
            return "prohibited", "archive/act#police-need-order"
        if request == "loan" and age >= 50 and not f["insured"]:
            return "prohibited", "archive/act#insured-loans"
        if request == "destroy" and not f["approved"]:
            return "prohibited", "archive/act#approved-destruction"
        if material == "photograph" and private_person and request in ("copy", "publish") and not f["consented"]:
            return "prohibited", "archive/act#private-photographs"
        if f["medium"] == "network" and requester in ("public", "press") and f["names_others"]:
            return "prohibited", "archive/act#names-on-network"
    if requester == "researcher" and f["research_plan"] and f["approved"]:
        return "permitted", "archive/act#scholars"
    if request in ("view", "copy") and f["digitised"] and f["medium"] in ("disc", "network") and not f["names_others"]:
        return "permitted", "archive/act#digital-copies"

    # The rule.
    takes_away = request in ("copy", "loan")
    if owner_asks:
        if request == "loan" and f["notice_days"] >= 30:
            return "required", "archive/rule#return-to-owner"
        if request == "view":
            return "required", "archive/rule#show-to-owner"
        if request == "copy" and f["pages"] <= 200:
            return "required", "archive/rule#copy-for-owner"
    else:
        if (
            takes_away
            and (f["fragile"] or (f["medium"] == "film" and age >= 50))
            and not (f["insured"] and f["approved"])
        ):
            return "prohibited", "archive/rule#delicate-stays"
        if request in ("view", "copy", "loan") and f["on_loan"]:
            return "prohibited", "archive/rule#lent-already"
        if request in ("publish", "quote") and f["donor_terms"] and not f["approved"]:
            return "prohibited", "archive/rule#donor-says-no"
        if takes_away and (f["pages"] > 200 or f["copies"] > 5) and not f["fee_paid"]:
            return "prohibited", "archive/rule#large-orders-pay"
        if f["area"] == "vault" and f["notice_days"] < 2 and not official:
            return "prohibited", "archive/rule#notice-for-vault"
        if request == "view" and f["medium"] == "film" and not f["supervised"]:
            return "prohibited", "archive/rule#film-with-escort"
    if requester == "press" and age >= 75 and f["published"]:
        return "permitted", "archive/rule#press-and-the-past"
    if request == "view" and f["area"] == "reading_room" and f["supervised"]:
        return "permitted", "archive/rule#reading-room"
    if request == "quote" and (f["published"] or age >= 75):
        return "permitted", "archive/rule#quotations"

    # The custom.
    if f["fee_paid"]:
        if request == "copy" and f["copies"] <= 5 and f["pages"] <= 200:
            return "required", "archive/custom#paid-copies"
        if request == "view" and f["notice_days"] >= 7:
            return "required", "archive/custom#paid-views"
        if takes_away and material == "map":
            return "required", "archive/custom#paid-maps"
    else:
        if request == "copy" and f["copies"] > 1:
            return "prohibited", "archive/custom#unpaid-copies"
        if request == "publish" and not f["research_plan"]:
            return "prohibited", "archive/custom#unpaid-publication"
        if request == "loan" and f["area"] != "open_stack":
            return "prohibited", "archive/custom#unpaid-loans"
    if f["area"] == "open_stack":
        return "permitted", "archive/custom#open-stacks"
    if age >= 75:
        return "permitted", "archive/custom#the-past"
    return "permitted", ""
