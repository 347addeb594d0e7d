"""Pages for people: plain forms that work without scripts, each a function from request to decision.

Pages never call each other. Those of a sign-in change the interaction and go back to the authorization endpoint, which
decides anew what is next.
"""
