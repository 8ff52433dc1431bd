"""Prints a quiz as a question with a list of answers; which is right, the chapter's end says."""

from bs4 import Tag

from course.print.elements import new, part, rename


def move_answers(content: Tag) -> None:
    """Number the quizzes of a chapter, and move the feedback on their answers to its end."""
    quizzes = content.select(".quiz")
    if not quizzes:
        return
    answers = new("<section><h2>Answers to the quizzes</h2></section>")
    for number, quiz in enumerate(quizzes, 1):
        place = f"answers-{quiz['id']}"
        question = f'<a href="#{quiz["id"]}">Quiz {number}</a>'
        answers.append(new(f'<p id="{place}"><strong>{question}</strong></p>'))
        feedback = part(quiz, ".quiz-explained").extract()
        answers.extend(explained(each) for each in feedback.select(".quiz-feedback"))
        print_question(quiz, number, place)
    content.append(answers)


def print_question(quiz: Tag, number: int, answers: str) -> None:
    """Make paragraphs and a list of a quiz's controls. answers: the place of its answers."""
    heading = f'<p><strong>Quiz {number}</strong> (<a href="#{answers}">answers</a>)</p>'
    part(quiz, ".quiz-title").replace_with(new(heading))
    rename(part(quiz, "legend"), "p")
    choices = new('<ol type="A"></ol>')
    for answer in quiz.select(".quiz-answer"):
        item = new("<li></li>")
        item.extend(list(part(answer, ".quiz-words").contents))
        choices.append(item)
        answer.decompose()
    group = part(quiz, "fieldset")
    group.append(choices)
    group.unwrap()


def explained(feedback: Tag) -> Tag:
    """Join the verdict on an answer and the first paragraph of what there is to say on it."""
    verdict = part(feedback, ".tab-verdict").extract()
    words = new(f"<strong>{verdict.get_text(strip=True)}</strong>")
    part(feedback, "p").insert(0, words)
    words.insert_after(" ")
    return feedback.extract()
