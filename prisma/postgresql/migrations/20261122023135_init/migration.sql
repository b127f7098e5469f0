-- CreateTable
CREATE TABLE "tickets" (
    "number" INTEGER NOT NULL,
    "seq" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "priority" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "team" TEXT,
    "tier" TEXT,
    "assignee" TEXT,
    "requester" TEXT NOT NULL,
    "project" TEXT,
    "customer" TEXT,
    "product" TEXT,
    "opened_at" TIMESTAMP(3) NOT NULL,
    "updated_at" TIMESTAMP(3) NOT NULL,
    "state" JSONB NOT NULL,

    CONSTRAINT "tickets_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "events" (
    "ticket" INTEGER NOT NULL,
    "seq" INTEGER NOT NULL,
    "type" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "actor_id" TEXT NOT NULL,
    "actor_name" TEXT NOT NULL,
    "body" JSONB NOT NULL,

    CONSTRAINT "events_pkey" PRIMARY KEY ("ticket","seq")
);

-- CreateTable
CREATE TABLE "timers" (
    "ticket" INTEGER NOT NULL,
    "clock" TEXT NOT NULL,
    "point" TEXT NOT NULL,
    "occurrence" INTEGER NOT NULL,
    "due_at" TIMESTAMP(3) NOT NULL,
    "try_at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "timers_pkey" PRIMARY KEY ("ticket","clock")
);

-- CreateTable
CREATE TABLE "thread_links" (
    "platform" TEXT NOT NULL,
    "chat" TEXT NOT NULL,
    "thread" TEXT NOT NULL,
    "ticket" INTEGER NOT NULL,
    "role" TEXT NOT NULL,
    "team" TEXT,

    CONSTRAINT "thread_links_pkey" PRIMARY KEY ("platform","chat","thread")
);

-- CreateTable
CREATE TABLE "inbox" (
    "position" SERIAL NOT NULL,
    "id" TEXT NOT NULL,
    "lane" TEXT NOT NULL,
    "platform" TEXT NOT NULL,
    "payload" TEXT NOT NULL,
    "received_at" TIMESTAMP(3) NOT NULL,
    "state" TEXT NOT NULL,
    "head_at" TIMESTAMP(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,
    "ended_at" TIMESTAMP(3),

    CONSTRAINT "inbox_pkey" PRIMARY KEY ("position")
);

-- CreateTable
CREATE TABLE "outbox" (
    "id" SERIAL NOT NULL,
    "key" TEXT NOT NULL,
    "lane" TEXT NOT NULL,
    "ticket" INTEGER,
    "kind" TEXT NOT NULL,
    "delivery" JSONB NOT NULL,
    "state" TEXT NOT NULL,
    "due_at" TIMESTAMP(3) NOT NULL,
    "lease_until" TIMESTAMP(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "unknown" BOOLEAN NOT NULL DEFAULT false,
    "version" INTEGER NOT NULL DEFAULT 1,
    "error" TEXT,
    "created_at" TIMESTAMP(3) NOT NULL,
    "ended_at" TIMESTAMP(3),

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "messages" (
    "platform" TEXT NOT NULL,
    "chat" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "thread" TEXT NOT NULL,
    "author" TEXT NOT NULL,
    "author_name" TEXT NOT NULL,
    "user" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "text" TEXT NOT NULL,
    "attachments" JSONB NOT NULL,
    "deleted" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "messages_pkey" PRIMARY KEY ("platform","chat","message")
);

-- CreateTable
CREATE TABLE "cards" (
    "platform" TEXT NOT NULL,
    "chat" TEXT NOT NULL,
    "thread" TEXT NOT NULL,
    "ticket" INTEGER NOT NULL,
    "role" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "shows" TEXT NOT NULL,
    "edited_at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "cards_pkey" PRIMARY KEY ("platform","chat","thread")
);

-- CreateTable
CREATE TABLE "sent_messages" (
    "marker" TEXT NOT NULL,
    "ticket" INTEGER,
    "kind" TEXT NOT NULL,
    "platform" TEXT NOT NULL,
    "chat" TEXT NOT NULL,
    "thread" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "copy_of" JSONB,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "sent_messages_pkey" PRIMARY KEY ("marker")
);

-- CreateTable
CREATE TABLE "identities" (
    "platform" TEXT NOT NULL,
    "user" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT,
    "language" TEXT,
    "timezone" TEXT,
    "is_bot" BOOLEAN NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "identities_pkey" PRIMARY KEY ("platform","user")
);

-- CreateTable
CREATE TABLE "chat_bindings" (
    "platform" TEXT NOT NULL,
    "chat" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "project" TEXT,
    "team" TEXT,
    "capture" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "chat_bindings_pkey" PRIMARY KEY ("platform","chat")
);

-- CreateTable
CREATE TABLE "duty_overrides" (
    "id" SERIAL NOT NULL,
    "team" TEXT NOT NULL,
    "person" TEXT NOT NULL,
    "from" TIMESTAMP(3) NOT NULL,
    "until" TIMESTAMP(3) NOT NULL,
    "by" TEXT NOT NULL,
    "away" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "duty_overrides_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "key_values" (
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "key_values_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "remembered_keys" (
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "remembered_keys_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "counters" (
    "name" TEXT NOT NULL,
    "value" INTEGER NOT NULL,

    CONSTRAINT "counters_pkey" PRIMARY KEY ("name")
);

-- CreateIndex
CREATE INDEX "tickets_status_number_idx" ON "tickets"("status", "number");

-- CreateIndex
CREATE INDEX "tickets_assignee_status_number_idx" ON "tickets"("assignee", "status", "number");

-- CreateIndex
CREATE INDEX "tickets_requester_status_number_idx" ON "tickets"("requester", "status", "number");

-- CreateIndex
CREATE INDEX "tickets_team_status_number_idx" ON "tickets"("team", "status", "number");

-- CreateIndex
CREATE INDEX "tickets_project_status_number_idx" ON "tickets"("project", "status", "number");

-- CreateIndex
CREATE INDEX "tickets_customer_status_number_idx" ON "tickets"("customer", "status", "number");

-- CreateIndex
CREATE INDEX "tickets_number_title_idx" ON "tickets"("number", "title");

-- CreateIndex
CREATE INDEX "timers_try_at_idx" ON "timers"("try_at");

-- CreateIndex
CREATE INDEX "thread_links_ticket_idx" ON "thread_links"("ticket");

-- CreateIndex
CREATE UNIQUE INDEX "inbox_id_key" ON "inbox"("id");

-- CreateIndex
CREATE INDEX "inbox_state_lane_position_idx" ON "inbox"("state", "lane", "position");

-- CreateIndex
CREATE INDEX "inbox_head_at_position_idx" ON "inbox"("head_at", "position");

-- CreateIndex
CREATE UNIQUE INDEX "outbox_key_key" ON "outbox"("key");

-- CreateIndex
CREATE INDEX "outbox_state_lane_id_idx" ON "outbox"("state", "lane", "id");

-- CreateIndex
CREATE INDEX "outbox_state_lane_due_at_idx" ON "outbox"("state", "lane", "due_at");

-- CreateIndex
CREATE INDEX "messages_platform_chat_thread_at_idx" ON "messages"("platform", "chat", "thread", "at");

-- CreateIndex
CREATE INDEX "messages_at_idx" ON "messages"("at");

-- CreateIndex
CREATE INDEX "sent_messages_platform_chat_message_idx" ON "sent_messages"("platform", "chat", "message");

-- CreateIndex
CREATE INDEX "sent_messages_at_idx" ON "sent_messages"("at");

-- CreateIndex
CREATE INDEX "remembered_keys_at_idx" ON "remembered_keys"("at");
