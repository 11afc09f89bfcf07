// Types of the elements for JSX, React 19 and later: `import '@carillon/web/react'`. Nothing is loaded by it.
import type { LitElement } from 'lit';
import type { HTMLAttributes, Ref } from 'react';
import type { CarillonBell, CarillonInbox } from './carillon.js';
import type { CarillonError, Item } from './client/client.js';
import type { CarillonPreferences } from './preferences.js';
import type { CarillonToasts } from './toasts.js';

/** What elements tell, by `on` and the event's name: React listens to it so. */
export interface CarillonEvents {
  'oncarillon-open'?: (event: CustomEvent) => void;
  'oncarillon-item-click'?: (event: CustomEvent<Item>) => void;
  'oncarillon-toast-click'?: (event: CustomEvent<{ item: Item }>) => void;
  'oncarillon-action'?: (event: CustomEvent<{ item: Item; action: Item['actions'][number] }>) => void;
  'oncarillon-error'?: (event: CustomEvent<CarillonError>) => void;
}

/** An element's own properties, as attributes are: none has to be given. */
export type CarillonProps<E extends LitElement> = Partial<Omit<E, keyof LitElement>> &
  Omit<HTMLAttributes<E>, keyof E> &
  CarillonEvents & { ref?: Ref<E>; key?: string | number; class?: string; lang?: string };

declare module 'react' {
  // React's own name for it.
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace JSX {
    interface IntrinsicElements {
      'carillon-bell': CarillonProps<CarillonBell>;
      'carillon-inbox': CarillonProps<CarillonInbox>;
      'carillon-toasts': CarillonProps<CarillonToasts>;
      'carillon-preferences': CarillonProps<CarillonPreferences>;
    }
  }
}
