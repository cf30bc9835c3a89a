-- CreateTable
CREATE TABLE "Label" (
    "newsroomId" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "color" TEXT NOT NULL,
    "key" TEXT,
    "description" TEXT,
    "removedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Label_pkey" PRIMARY KEY ("newsroomId","id")
);

-- AddForeignKey
ALTER TABLE "Label" ADD CONSTRAINT "Label_newsroomId_fkey" FOREIGN KEY ("newsroomId") REFERENCES "Newsroom"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- What a newsroom begins with (FIRST_LABELS): those that are there already had these all along.
INSERT INTO "Label" ("newsroomId", "id", "position", "name", "color", "key", "description")
SELECT n."id", first.* FROM "Newsroom" n CROSS JOIN (VALUES
  ('fact-check', 0, 'Fact-check', 'amber', '1', 'A fact that somebody has to check.'),
  ('source', 1, 'Source needed', 'blue', '2', 'Says who? A source is missing, or too weak.'),
  ('quote', 2, 'Quote', 'grey', '3', 'Words of somebody else: are they right and allowed?'),
  ('legal', 3, 'Legal', 'violet', '4', 'For the lawyer: libel, privacy, rights.'),
  ('style', 4, 'Style', 'green', '5', 'Wording, grammar, house style.'),
  ('question', 5, 'Question', 'teal', '6', 'Something to ask the author.'),
  ('praise', 6, 'Praise', 'rose', '7', 'Well done: keep it.')
) AS first;
