/** The files that were dropped or pasted. */
export const filesOf = (data: DataTransfer | null): readonly File[] => [...(data?.files ?? [])];
