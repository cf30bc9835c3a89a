-- CreateTable
CREATE TABLE "RoomRead" (
    "principal" TEXT NOT NULL,
    "room" TEXT NOT NULL,
    "number" INTEGER NOT NULL,

    CONSTRAINT "RoomRead_pkey" PRIMARY KEY ("principal","room")
);

-- CreateTable
CREATE TABLE "ThreadRead" (
    "principal" TEXT NOT NULL,
    "room" TEXT NOT NULL,
    "thread" TEXT NOT NULL,
    "number" INTEGER NOT NULL,

    CONSTRAINT "ThreadRead_pkey" PRIMARY KEY ("principal","room","thread")
);

-- CreateTable
CREATE TABLE "Reading" (
    "articleId" UUID NOT NULL,
    "principal" TEXT NOT NULL,
    "to" DOUBLE PRECISION NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Reading_pkey" PRIMARY KEY ("articleId","principal")
);

-- AddForeignKey
ALTER TABLE "RoomRead" ADD CONSTRAINT "RoomRead_room_fkey" FOREIGN KEY ("room") REFERENCES "Room"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ThreadRead" ADD CONSTRAINT "ThreadRead_room_fkey" FOREIGN KEY ("room") REFERENCES "Room"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Reading" ADD CONSTRAINT "Reading_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
