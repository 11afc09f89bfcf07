import { InboxStore, type CarillonClient, type InboxState, type InboxStoreOptions } from '@carillon/web';
import { useCallback, useState, useSyncExternalStore } from 'react';

/** A list of the person's inbox as it is now, and the store that changes it. The options are those of the first call. */
export function useInbox(client: CarillonClient, options?: InboxStoreOptions): [InboxState, InboxStore] {
  const [store] = useState(() => new InboxStore(client, options));
  const subscribe = useCallback((listener: () => void) => store.subscribe(listener), [store]);
  return [useSyncExternalStore(subscribe, () => store.state), store];
}
