"""The triage desk (분류 데스크): list, post and decision side by side, for officers who read hundreds of posts."""
