-- DropIndex
DROP INDEX "tickets_status_number_idx";

-- CreateIndex
CREATE INDEX "tickets_status_number_title_idx" ON "tickets"("status", "number", "title");
