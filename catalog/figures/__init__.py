"""What Explore shows of what was found: a sentence, a picture and a table of each thing."""
