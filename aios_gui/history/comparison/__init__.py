"""Is one span of time better or worse than another, and how sure is that?"""
