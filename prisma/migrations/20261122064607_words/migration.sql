-- How words are compared for people, whatever the database was made with: capitals of every alphabet, and numbers by their
-- size. A PostgreSQL that was built without ICU compares characters.
DO $$ BEGIN
  CREATE COLLATION "words" (provider = icu, locale = 'und-u-kn-true');
EXCEPTION WHEN OTHERS THEN
  CREATE COLLATION "words" (provider = libc, locale = 'C');
END $$;
