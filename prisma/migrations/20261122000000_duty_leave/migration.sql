-- AlterTable
ALTER TABLE "duty_overrides" ADD COLUMN "away" BOOLEAN NOT NULL DEFAULT false;
