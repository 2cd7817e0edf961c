"""The one error that is written for the person in front of the screen."""


class UserError(ValueError):
    """What was wrong, where, and what to do, in a sentence or two.

    The command line prints it on one line and exits with 2; a page shows it in place of the
    content that could not be made. Anything else that is raised is a defect of ours.
    """
