"""What players send, in the words of each protocol. Pure: no database, no Django here."""
