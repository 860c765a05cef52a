"""A believable fortnight for an empty desk: fictional people and citizens, real posts on a running sandbox.

Everything takes the way it takes in earnest: posts are polled, complaints move by the workflow, replies go out through
the outbox. Only the clock is told an earlier time.
"""
