"""The static site: the pages of the explorer as files, for readers who have no server of ours."""
