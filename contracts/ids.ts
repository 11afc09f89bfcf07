/** Workflow IDs. They cannot be encrypted, so an address stands in them only as a keyed hash. */
export function notificationWorkflowId(tenantId: string, notificationId: string): string {
  return `notification/${tenantId}/${notificationId}`;
}

/** The search attributes that every workflow carries; registered when a process starts. */
export const searchAttributeNames = [
  'CarillonTenant',
  'CarillonRecipient',
  'CarillonType',
  'CarillonStatus',
] as const;

/** The queue on which notifications run. */
export const notificationTaskQueue = 'carillon';
