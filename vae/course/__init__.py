"""The course: lessons as Markdown files, and what a teacher adds to them (README.md)."""

from vae.course.catalogue import Course, course
from vae.course.lesson import Choice, Lesson, Question, Step, View

__all__ = ["Choice", "Course", "Lesson", "Question", "Step", "View", "course"]
