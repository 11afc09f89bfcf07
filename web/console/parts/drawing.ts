import type { Icons } from '../../elements/shared/icons.js';
import type { Localizer } from '../../elements/shared/i18n.js';
import type { ConsoleText } from '../messages-en.js';

/** The console's texts; `Key` are those of a page's own. */
export type Texts<Key extends string = never> = Pick<Localizer<ConsoleText | Key>, 't' | 'lang'>;

/** What of an element draws a part of it. */
export interface Drawing<Key extends string = never> {
  texts: Texts<Key>;
  icons: Icons;
}
