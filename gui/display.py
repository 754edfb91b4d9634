def display_problem() -> str | None:
    return None
