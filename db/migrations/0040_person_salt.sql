-- What makes a commitment to a person's name and log-in name unguessable: the digest in the trace covers
-- salt and names together, and says nothing once the salt is gone. Persons made before have none.
CREATE TABLE person_salt (
    person INTEGER PRIMARY KEY REFERENCES person (id),
    salt BLOB NOT NULL
) STRICT;
