/** What a deployment does not choose: times and bounds of the live connections. Tests shorten some. */
export interface RealtimeSettings {
  /** Between two heartbeats, in milliseconds, and how long an answer may take. */
  pingIntervalMs: number;
  pingTimeoutMs: number;
  /** How long a connection may be there without a person, in milliseconds. */
  connectTimeoutMs: number;
  /** Bytes of a message from a client: its token and little else. */
  maxMessageBytes: number;
  /** A client that sends more messages than this in that time is disconnected. */
  flood: { messages: number; withinMs: number };
  /**
   * Bytes that may wait for a client; past this it is told nothing more. If they still wait after `slowMs`, it is
   * disconnected; else it is told to load anew.
   */
  maxBufferedBytes: number;
  slowMs: number;
  /** Changes told one by one to somebody who was away, or in one go; more are told as "load anew". */
  maxMissed: number;
  maxAtOnce: number;
  /** System messages of this time arrive as one, in milliseconds. */
  burstMs: number;
  /** Counts are told at most this often, in milliseconds. */
  countsMs: number;
  /** How often it is looked for items whose time ends, in milliseconds. */
  endingsMs: number;
  /** Figures are stored this often, in milliseconds. */
  reportMs: number;
  /** A stopping process sends its clients away over this time, in milliseconds. */
  farewellMs: number;
  /** The change feed is closed when nobody has been connected for this long, in milliseconds. */
  idleFeedMs: number;
}

export const realtimeSettings: RealtimeSettings = {
  pingIntervalMs: 25_000,
  pingTimeoutMs: 20_000,
  connectTimeoutMs: 10_000,
  maxMessageBytes: 16_384,
  flood: { messages: 20, withinMs: 10_000 },
  maxBufferedBytes: 1_048_576,
  slowMs: 5_000,
  maxMissed: 500,
  maxAtOnce: 100,
  burstMs: 100,
  countsMs: 100,
  endingsMs: 30_000,
  reportMs: 5_000,
  farewellMs: 3_000,
  idleFeedMs: 30_000,
};
