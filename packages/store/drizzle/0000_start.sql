CREATE TABLE `agent_info` (
	`agent` text PRIMARY KEY NOT NULL,
	`info` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `agents` (
	`id` text PRIMARY KEY NOT NULL,
	`state` text NOT NULL,
	`row` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `attempts` (
	`id` text PRIMARY KEY NOT NULL,
	`trial` text NOT NULL,
	`experiment` text NOT NULL,
	`epoch` integer NOT NULL,
	`agent` text NOT NULL,
	`state` text NOT NULL,
	`row` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `attempts_trial` ON `attempts` (`trial`,`epoch`);--> statement-breakpoint
CREATE TABLE `audit` (
	`id` integer PRIMARY KEY NOT NULL,
	`time` integer NOT NULL,
	`who` text NOT NULL,
	`what` text NOT NULL,
	`from` text NOT NULL,
	`result` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `batches` (
	`id` integer PRIMARY KEY NOT NULL,
	`stream` integer NOT NULL,
	`offset` integer NOT NULL,
	`size` integer NOT NULL,
	`crc` integer NOT NULL,
	`count` integer NOT NULL,
	`payload` blob
);
--> statement-breakpoint
CREATE UNIQUE INDEX `batches_key` ON `batches` (`stream`,`offset`);--> statement-breakpoint
CREATE INDEX `batches_open` ON `batches` (`stream`,`id`) WHERE payload IS NOT NULL;--> statement-breakpoint
CREATE TABLE `blob_refs` (
	`owner` text NOT NULL,
	`sha256` text NOT NULL,
	PRIMARY KEY(`owner`, `sha256`)
);
--> statement-breakpoint
CREATE INDEX `blob_refs_blob` ON `blob_refs` (`sha256`);--> statement-breakpoint
CREATE TABLE `blobs` (
	`sha256` text PRIMARY KEY NOT NULL,
	`size` integer NOT NULL,
	`refs` integer NOT NULL,
	`idle` integer
);
--> statement-breakpoint
CREATE INDEX `blobs_idle` ON `blobs` (`idle`) WHERE idle IS NOT NULL;--> statement-breakpoint
CREATE TABLE `blocks` (
	`experiment` text NOT NULL,
	`id` text NOT NULL,
	`state` text NOT NULL,
	`row` text NOT NULL,
	PRIMARY KEY(`experiment`, `id`)
);
--> statement-breakpoint
CREATE TABLE `checkpoints` (
	`trial` text NOT NULL,
	`number` integer NOT NULL,
	`attempt` text NOT NULL,
	`step` integer NOT NULL,
	`bytes` integer NOT NULL,
	`manifest` text NOT NULL,
	`time` integer NOT NULL,
	PRIMARY KEY(`trial`, `number`)
);
--> statement-breakpoint
CREATE TABLE `chunk_points` (
	`id` integer PRIMARY KEY NOT NULL,
	`points` blob NOT NULL
);
--> statement-breakpoint
CREATE TABLE `chunks` (
	`id` integer PRIMARY KEY NOT NULL,
	`series` integer NOT NULL,
	`n` integer NOT NULL,
	`count` integer NOT NULL,
	`step_min` real NOT NULL,
	`step_max` real NOT NULL,
	`summary` blob NOT NULL,
	`level` blob NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `chunks_key` ON `chunks` (`series`,`n`);--> statement-breakpoint
CREATE TABLE `commands` (
	`id` text PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL,
	`result` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `experiments` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`user` text NOT NULL,
	`state` text NOT NULL,
	`archived` integer DEFAULT 0 NOT NULL,
	`created` integer NOT NULL,
	`started` integer,
	`ended` integer,
	`keep` integer NOT NULL,
	`words` text NOT NULL,
	`row` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `experiments_created` ON `experiments` (`created`);--> statement-breakpoint
CREATE INDEX `experiments_name` ON `experiments` (`name`);--> statement-breakpoint
CREATE TABLE `feed` (
	`experiment` text NOT NULL,
	`seq` integer NOT NULL,
	PRIMARY KEY(`experiment`, `seq`)
);
--> statement-breakpoint
CREATE TABLE `log` (
	`seq` integer PRIMARY KEY NOT NULL,
	`time` integer NOT NULL,
	`type` text NOT NULL,
	`changed` text,
	`event` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `outbox` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`action` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `output` (
	`id` integer PRIMARY KEY NOT NULL,
	`stream` integer NOT NULL,
	`offset` integer NOT NULL,
	`size` integer NOT NULL,
	`lines` integer NOT NULL,
	`bytes` blob NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `output_key` ON `output` (`stream`,`offset`);--> statement-breakpoint
CREATE INDEX `output_lines` ON `output` (`stream`,`lines`);--> statement-breakpoint
CREATE TABLE `plans` (
	`experiment` text PRIMARY KEY NOT NULL,
	`plan` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `records` (
	`id` integer PRIMARY KEY NOT NULL,
	`stream` integer NOT NULL,
	`offset` integer NOT NULL,
	`type` text,
	`tag` text,
	`json` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `records_stream` ON `records` (`stream`,`id`);--> statement-breakpoint
CREATE TABLE `series` (
	`id` integer PRIMARY KEY NOT NULL,
	`stream` integer NOT NULL,
	`attempt` text NOT NULL,
	`trial` text NOT NULL,
	`experiment` text NOT NULL,
	`block` text NOT NULL,
	`tag` text NOT NULL,
	`chunks` integer NOT NULL,
	`count` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `series_key` ON `series` (`stream`,`tag`);--> statement-breakpoint
CREATE INDEX `series_trial` ON `series` (`trial`);--> statement-breakpoint
CREATE INDEX `series_block` ON `series` (`experiment`,`block`);--> statement-breakpoint
CREATE TABLE `streams` (
	`id` integer PRIMARY KEY NOT NULL,
	`attempt` text NOT NULL,
	`trial` text NOT NULL,
	`stream` text NOT NULL,
	`next` integer NOT NULL,
	`lines` integer NOT NULL,
	`dropped` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `streams_key` ON `streams` (`attempt`,`stream`);--> statement-breakpoint
CREATE INDEX `streams_trial` ON `streams` (`trial`);--> statement-breakpoint
CREATE TABLE `tokens` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`hash` text NOT NULL,
	`user` text,
	`agent` text,
	`label` text NOT NULL,
	`created` integer NOT NULL,
	`expires` integer,
	`used` integer,
	`revoked` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tokens_hash_unique` ON `tokens` (`hash`);--> statement-breakpoint
CREATE TABLE `trials` (
	`id` text PRIMARY KEY NOT NULL,
	`experiment` text NOT NULL,
	`block` text NOT NULL,
	`number` integer NOT NULL,
	`state` text NOT NULL,
	`reason` text,
	`epoch` integer NOT NULL,
	`failures` integer NOT NULL,
	`step` integer NOT NULL,
	`metric` real,
	`best` real,
	`best_step` integer,
	`created` integer NOT NULL,
	`started` integer,
	`ended` integer,
	`params` text NOT NULL,
	`row` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `trials_place` ON `trials` (`experiment`,`block`,`number`);--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`created` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_name_unique` ON `users` (`name`);