-- AlterTable
ALTER TABLE "identities" ADD COLUMN     "mobile" TEXT;

-- CreateTable
CREATE TABLE "person_links" (
    "platform" TEXT NOT NULL,
    "user" TEXT NOT NULL,
    "person" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "asked_at" TIMESTAMP(3) NOT NULL,
    "answered_at" TIMESTAMP(3),

    CONSTRAINT "person_links_pkey" PRIMARY KEY ("platform","user")
);
