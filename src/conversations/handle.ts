/**
 * What came in through the door is acted on here, one event of a lane at a time. Each handler first prepares, outside of any transaction, whatever it
 * has to ask a platform; then everything it does is one transaction, with the inbox row taken out first. If anything throws, nothing of it stays, and
 * the loop comes again.
 */
import type { InboxRow } from '../scheduler/ports.ts';
