"""The course's machinery: checks for notebooks, and the tools that build and grade the course."""
