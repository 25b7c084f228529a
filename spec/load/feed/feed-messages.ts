/** What a feed server is told: to count, to end every TCP connection, or to send one more result for every operation that it ever had. */
export interface FeedCommand {
  readonly command: 'count' | 'drop' | 'haunt';
}

/** What a feed server has seen. */
export interface FeedCounts {
  opened: number;
  closedWith1000: number;
  subscribed: number;
  completed: number;
}

/** What a client asks for, as variables of an operation. */
export interface FeedVariables {
  /** How many results there are to be; they go on for ever. */
  readonly results: number;
  /** ms between them. Without it they come at once. */
  readonly every?: number;
  /** Bytes a second, as long as the client reads: results of ten kilobytes, numbered from 1. */
  readonly bytesPerSecond?: number;
}
