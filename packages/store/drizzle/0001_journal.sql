CREATE TABLE `journal` (
	`experiment` text NOT NULL,
	`block` text NOT NULL,
	`seq` integer NOT NULL,
	`row` text NOT NULL,
	PRIMARY KEY(`experiment`, `block`, `seq`)
);
