import type { CarillonInbox } from './inbox.js';

/** So near the end of the list, in pixels, the next page is asked for. */
const NEAR_END_PX = 600;
/** So far down, in pixels, somebody is reading: nothing is pushed in above. */
const SCROLLED_PX = 40;

/** How far down an inbox's list somebody is, and what is loaded therefore. */
export class Scrolling {
  /** A page could not be had: it is asked for again only when told. */
  isStuck = false;
  private isLoadingMore = false;

  constructor(private readonly inbox: CarillonInbox) {}

  /** The list is another one. */
  restart(): void {
    this.isStuck = false;
    this.scroller?.scrollTo(0, 0);
  }

  async more(): Promise<void> {
    const { store } = this.inbox;
    this.isLoadingMore = true;
    this.isStuck = false;
    await store?.more();
    this.isLoadingMore = false;
    this.isStuck = store?.state.error !== undefined;
    this.inbox.requestUpdate();
  }

  loadMore(): void {
    const { scroller } = this;
    const { items, ended, loading } = this.inbox.store?.state ?? {};
    if (!scroller?.clientHeight || !items?.length || ended || loading) return;
    if (this.isStuck || this.isLoadingMore) return;
    if (scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END_PX) void this.more();
  }

  scrolled(): void {
    this.inbox.store?.pin((this.scroller?.scrollTop ?? 0) > SCROLLED_PX);
    this.loadMore();
  }

  toTop(): void {
    const { inbox } = this;
    this.scroller?.scrollTo(0, 0);
    inbox.store?.pin(false);
    inbox.requestUpdate();
    void inbox.updateComplete.then(() => inbox.renderRoot.querySelector<HTMLElement>('.title')?.focus());
  }

  private get scroller(): Element | null {
    return this.inbox.shadowRoot?.querySelector('.scroll') ?? null;
  }
}
