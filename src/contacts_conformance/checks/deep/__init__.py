"""Deep runs: as many generated plans as time allows, each judged, and what they find made as small as it gets.

`exploration` shares the time out over the sources of plans (`machine`: a model of the account, `generated`:
Schemathesis) and judges what comes of it. `walk` sends the steps of one plan, `smaller` makes one that shows something
smaller, `kept` keeps it for later runs. Plans themselves, and the models, are in `providers.modelling`.
"""
