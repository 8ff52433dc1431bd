"""What enters the sandbox: the learner's side of split execution, and what both sides share."""
