import { CarillonError } from '../../contracts/errors.js';
import type { NotificationType } from '../../contracts/notification-types.js';
import type { Trigger } from '../../contracts/trigger.js';
import { hasBuiltInTexts } from '../../templates/render.js';
import type { Types } from '../../templates/type-registry.js';
import type { CommandDependencies } from '../dependencies.js';

/**
 * A type of the tenant's own says nothing until a template of it is published, or the trigger brings the text.
 * @throws CarillonError `unprocessable`
 */
export async function checkText(
  { types }: Pick<CommandDependencies, 'types'>,
  tenantId: string,
  { content }: Pick<Trigger, 'content'>,
  type: NotificationType,
): Promise<void> {
  if (content || hasBuiltInTexts(type)) return;
  const hasTemplate = ({ templates }: Types) => templates.channelsOf(type.name).size > 0;
  if (hasTemplate(await types.of(tenantId)) || hasTemplate(await types.current(tenantId))) return;
  const message = `the type "${type.name}" has no text: publish a template of it, or bring "content"`;
  throw new CarillonError('unprocessable', message, [{ path: 'content', message }]);
}
