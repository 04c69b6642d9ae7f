"""What pages show where a person tries or decides something: the histogram of a rule's scores with another limit,
duplicates and answers that contradict each other with what differs marked, and the review queue.

Each module makes the values of one page. Nothing here knows an address or a template.

Imports: nothing.
"""
