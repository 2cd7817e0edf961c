"""A class and what it answers: its store, concept questions, and what was learned."""
