import type { Connection } from 'mongoose';
import { ChangeFeed } from '../../models/change-feed.js';
import { liveChange, livePipeline, type LiveChange } from '../../models/live-changes.js';
import type { Logger } from '../../runtime/logger.js';
import type { RealtimeSettings } from './settings.js';

/** This process's own change feed: open while somebody is connected, and a little longer. */
export class LiveFeed {
  private feed: ChangeFeed | undefined;
  private opening: Promise<void> | undefined;
  private idle: NodeJS.Timeout | undefined;

  constructor(
    private readonly mongo: Connection,
    private readonly log: Logger,
    private readonly settings: Pick<RealtimeSettings, 'idleFeedMs'>,
    private readonly listener: { onChange(change: LiveChange): void; onGap(): void },
  ) {}

  /** Zero while it is closed. In milliseconds. */
  get lagMs(): number {
    return this.feed?.lagMs() ?? 0;
  }

  /** Once it has resolved, whatever is written is told. @throws when the database is away. */
  ensure(): Promise<void> {
    clearTimeout(this.idle);
    return (this.opening ??= this.open());
  }

  /** Nobody is connected any more. */
  rest(): void {
    clearTimeout(this.idle);
    this.idle = setTimeout(() => void this.close(), this.settings.idleFeedMs);
    this.idle.unref();
  }

  async close(): Promise<void> {
    clearTimeout(this.idle);
    const { feed } = this;
    this.feed = undefined;
    this.opening = undefined;
    await feed?.close();
  }

  private async open(): Promise<void> {
    const feed = new ChangeFeed(
      this.mongo,
      {
        pipeline: livePipeline,
        onFailure: (error) => this.log.warn({ err: error }, 'change stream interrupted'),
      },
      {
        onChange: (change) => {
          const known = liveChange(change);
          if (known) this.listener.onChange(known);
        },
        onGap: () => this.listener.onGap(),
      },
    );
    try {
      await feed.open();
      this.feed = feed;
    } catch (error) {
      this.opening = undefined;
      throw error;
    }
  }
}
