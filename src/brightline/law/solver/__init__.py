"""Z3 in place of a diagram that outgrew its budget: the same theorems and transitions, with situations but without counts."""
