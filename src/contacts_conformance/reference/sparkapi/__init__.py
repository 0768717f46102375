"""What the two generations of one API share: envelope, sessions, SparkQL, paging, tags, and the way of a request.

`spark` and `flexmls` each say which attributes, paths, roles and people there are; everything that both do alike
stands here once.
"""
