import { virtualize } from '@lit-labs/virtualizer/virtualize.js';
import type { TemplateResult } from 'lit';
import type { ThreadedItem } from '../../client/shapes.js';

/** Renders, of a long list, only what is in view and a little around it. */
export function renderVirtually(
  items: readonly ThreadedItem[],
  renderItem: (item: ThreadedItem, index: number) => TemplateResult,
): unknown {
  return virtualize({ items: [...items], keyFunction: ({ id }) => id, renderItem });
}
