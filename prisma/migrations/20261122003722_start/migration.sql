-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "Installation" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "secret" TEXT NOT NULL,
    "setupToken" TEXT,

    CONSTRAINT "Installation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Newsroom" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "created" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Newsroom_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "User" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "emailVerified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    "role" TEXT NOT NULL,
    "newsroomId" UUID NOT NULL,

    CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Session" (
    "id" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "ipAddress" TEXT,
    "userAgent" TEXT,
    "userId" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Account" (
    "id" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "providerId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "accessToken" TEXT,
    "refreshToken" TEXT,
    "idToken" TEXT,
    "accessTokenExpiresAt" TIMESTAMPTZ(3),
    "refreshTokenExpiresAt" TIMESTAMPTZ(3),
    "scope" TEXT,
    "password" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Verification" (
    "id" TEXT NOT NULL,
    "identifier" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Verification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Apikey" (
    "id" TEXT NOT NULL,
    "configId" TEXT NOT NULL DEFAULT 'default',
    "name" TEXT,
    "start" TEXT,
    "referenceId" TEXT NOT NULL,
    "prefix" TEXT,
    "key" TEXT NOT NULL,
    "refillInterval" INTEGER,
    "refillAmount" INTEGER,
    "lastRefillAt" TIMESTAMPTZ(3),
    "enabled" BOOLEAN,
    "rateLimitEnabled" BOOLEAN,
    "rateLimitTimeWindow" INTEGER,
    "rateLimitMax" INTEGER,
    "requestCount" INTEGER,
    "remaining" INTEGER,
    "lastRequest" TIMESTAMPTZ(3),
    "expiresAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    "permissions" TEXT,
    "metadata" TEXT,

    CONSTRAINT "Apikey_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Article" (
    "id" UUID NOT NULL,
    "newsroomId" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "outlet" TEXT,
    "byline" TEXT,
    "url" TEXT,
    "publishedAt" TEXT,
    "language" TEXT,
    "status" TEXT NOT NULL DEFAULT 'open',
    "version" INTEGER NOT NULL DEFAULT 1,
    "textLocked" BOOLEAN NOT NULL DEFAULT false,
    "created" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdById" TEXT NOT NULL,

    CONSTRAINT "Article_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Room" (
    "name" TEXT NOT NULL,
    "articleId" UUID NOT NULL,

    CONSTRAINT "Room_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "RoomUpdate" (
    "room" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "update" BYTEA NOT NULL,
    "byServer" BOOLEAN NOT NULL DEFAULT false,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "RoomUpdate_pkey" PRIMARY KEY ("room","number")
);

-- CreateTable
CREATE TABLE "RoomSnapshot" (
    "room" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "state" BYTEA NOT NULL,

    CONSTRAINT "RoomSnapshot_pkey" PRIMARY KEY ("room")
);

-- CreateTable
CREATE TABLE "RoomChange" (
    "room" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "index" INTEGER NOT NULL,
    "principal" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "annotation" TEXT,
    "key" TEXT NOT NULL,
    "before" JSONB,
    "after" JSONB,

    CONSTRAINT "RoomChange_pkey" PRIMARY KEY ("room","number","index")
);

-- CreateTable
CREATE TABLE "RoomClient" (
    "room" TEXT NOT NULL,
    "clientId" BIGINT NOT NULL,
    "principal" TEXT NOT NULL,

    CONSTRAINT "RoomClient_pkey" PRIMARY KEY ("room","clientId")
);

-- CreateTable
CREATE TABLE "ReviewLink" (
    "id" UUID NOT NULL,
    "articleId" UUID NOT NULL,
    "token" TEXT NOT NULL,
    "access" TEXT NOT NULL,
    "label" TEXT,
    "layers" TEXT[],
    "passwordHash" TEXT,
    "expiresAt" TIMESTAMPTZ(3),
    "revokedAt" TIMESTAMPTZ(3),
    "created" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdById" TEXT NOT NULL,

    CONSTRAINT "ReviewLink_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Guest" (
    "id" UUID NOT NULL,
    "linkId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "created" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Guest_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "FinishedSet" (
    "id" UUID NOT NULL,
    "articleId" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "note" TEXT,
    "override" TEXT,
    "finishedAt" TIMESTAMPTZ(3) NOT NULL,
    "finishedBy" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "outlet" TEXT,
    "byline" TEXT,
    "url" TEXT,
    "publishedAt" TEXT,
    "language" TEXT,
    "version" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "textSha256" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "FinishedSet_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SetLayer" (
    "setId" UUID NOT NULL,
    "layer" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "SetLayer_pkey" PRIMARY KEY ("setId","layer")
);

-- CreateTable
CREATE TABLE "SetAnnotation" (
    "setId" UUID NOT NULL,
    "layer" TEXT NOT NULL,
    "index" INTEGER NOT NULL,
    "id" TEXT NOT NULL,
    "creator" TEXT NOT NULL,
    "created" TEXT NOT NULL,
    "modified" TEXT,
    "motivation" TEXT NOT NULL,
    "body" TEXT,
    "label" TEXT,
    "status" TEXT,
    "resolution" JSONB,
    "replyTo" TEXT,
    "assignee" TEXT,
    "tags" TEXT[],
    "deleted" JSONB,
    "importedFrom" TEXT,
    "exact" TEXT,
    "prefix" TEXT,
    "suffix" TEXT,
    "start" INTEGER,
    "end" INTEGER,
    "reactions" JSONB,

    CONSTRAINT "SetAnnotation_pkey" PRIMARY KEY ("setId","layer","index")
);

-- CreateTable
CREATE TABLE "SetPerson" (
    "setId" UUID NOT NULL,
    "principal" TEXT NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "SetPerson_pkey" PRIMARY KEY ("setId","principal")
);

-- CreateIndex
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");

-- CreateIndex
CREATE UNIQUE INDEX "Session_token_key" ON "Session"("token");

-- CreateIndex
CREATE INDEX "Session_userId_idx" ON "Session"("userId");

-- CreateIndex
CREATE INDEX "Account_userId_idx" ON "Account"("userId");

-- CreateIndex
CREATE INDEX "Verification_identifier_idx" ON "Verification"("identifier");

-- CreateIndex
CREATE INDEX "Apikey_configId_idx" ON "Apikey"("configId");

-- CreateIndex
CREATE INDEX "Apikey_referenceId_idx" ON "Apikey"("referenceId");

-- CreateIndex
CREATE INDEX "Apikey_key_idx" ON "Apikey"("key");

-- CreateIndex
CREATE INDEX "Article_newsroomId_created_idx" ON "Article"("newsroomId", "created");

-- CreateIndex
CREATE INDEX "Room_articleId_idx" ON "Room"("articleId");

-- CreateIndex
CREATE INDEX "RoomChange_room_annotation_idx" ON "RoomChange"("room", "annotation");

-- CreateIndex
CREATE UNIQUE INDEX "ReviewLink_token_key" ON "ReviewLink"("token");

-- CreateIndex
CREATE INDEX "ReviewLink_articleId_idx" ON "ReviewLink"("articleId");

-- CreateIndex
CREATE UNIQUE INDEX "Guest_tokenHash_key" ON "Guest"("tokenHash");

-- CreateIndex
CREATE INDEX "Guest_linkId_idx" ON "Guest"("linkId");

-- CreateIndex
CREATE UNIQUE INDEX "FinishedSet_articleId_number_key" ON "FinishedSet"("articleId", "number");

-- CreateIndex
CREATE UNIQUE INDEX "SetAnnotation_setId_layer_id_key" ON "SetAnnotation"("setId", "layer", "id");

-- AddForeignKey
ALTER TABLE "User" ADD CONSTRAINT "User_newsroomId_fkey" FOREIGN KEY ("newsroomId") REFERENCES "Newsroom"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Session" ADD CONSTRAINT "Session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Account" ADD CONSTRAINT "Account_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Article" ADD CONSTRAINT "Article_newsroomId_fkey" FOREIGN KEY ("newsroomId") REFERENCES "Newsroom"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Article" ADD CONSTRAINT "Article_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Room" ADD CONSTRAINT "Room_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RoomUpdate" ADD CONSTRAINT "RoomUpdate_room_fkey" FOREIGN KEY ("room") REFERENCES "Room"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RoomSnapshot" ADD CONSTRAINT "RoomSnapshot_room_fkey" FOREIGN KEY ("room") REFERENCES "Room"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RoomChange" ADD CONSTRAINT "RoomChange_room_fkey" FOREIGN KEY ("room") REFERENCES "Room"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RoomClient" ADD CONSTRAINT "RoomClient_room_fkey" FOREIGN KEY ("room") REFERENCES "Room"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ReviewLink" ADD CONSTRAINT "ReviewLink_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ReviewLink" ADD CONSTRAINT "ReviewLink_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Guest" ADD CONSTRAINT "Guest_linkId_fkey" FOREIGN KEY ("linkId") REFERENCES "ReviewLink"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "FinishedSet" ADD CONSTRAINT "FinishedSet_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SetLayer" ADD CONSTRAINT "SetLayer_setId_fkey" FOREIGN KEY ("setId") REFERENCES "FinishedSet"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SetAnnotation" ADD CONSTRAINT "SetAnnotation_setId_layer_fkey" FOREIGN KEY ("setId", "layer") REFERENCES "SetLayer"("setId", "layer") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SetPerson" ADD CONSTRAINT "SetPerson_setId_fkey" FOREIGN KEY ("setId") REFERENCES "FinishedSet"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- [G12] Nothing is appended to a finished article but what the server writes for itself. The lock makes an append
-- wait for a finish under way, and a finish for the appends before it.
CREATE FUNCTION refuse_append_to_finished() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM "Article" WHERE "id" IN (
    SELECT "Room"."articleId" FROM added JOIN "Room" ON "Room"."name" = added."room" WHERE NOT added."byServer"
  ) FOR SHARE;
  IF EXISTS (
    SELECT 1 FROM added JOIN "Room" ON "Room"."name" = added."room" JOIN "Article" ON "Article"."id" = "Room"."articleId"
    WHERE NOT added."byServer" AND "Article"."status" <> 'open'
  ) THEN
    RAISE EXCEPTION 'the article is finished' USING ERRCODE = 'GA409';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER refuse_append_to_finished AFTER INSERT ON "RoomUpdate"
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION refuse_append_to_finished();

-- What happened stays [S5], and a finished set is never edited again.
CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'GA423';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "RoomChange" FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "FinishedSet" FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "SetLayer" FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "SetAnnotation" FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "SetPerson" FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
