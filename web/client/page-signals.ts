// What the browser says of its network and of whether anybody looks. Elsewhere nothing is said.

interface Page extends Partial<EventTarget> {
  document?: EventTarget & { hidden: boolean };
}
const page = globalThis as unknown as Page;

export interface PageSignals {
  /** Looked at again, or the network is back: what waits need not wait longer. */
  back: () => void;
  /** The network is gone. */
  gone: () => void;
}

/** @returns what ends it. */
export function watchPage({ back, gone }: PageSignals): () => void {
  const seen = () => void (isHidden() || back());
  page.addEventListener?.('online', back);
  page.addEventListener?.('offline', gone);
  page.document?.addEventListener('visibilitychange', seen);
  return () => {
    page.removeEventListener?.('online', back);
    page.removeEventListener?.('offline', gone);
    page.document?.removeEventListener('visibilitychange', seen);
  };
}

/** Whether nobody looks. */
export function isHidden(): boolean {
  return page.document?.hidden ?? false;
}
