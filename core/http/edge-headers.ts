/**
 * What CloudFront adds to each request, where it stands before the API: that it came this way, and from
 * where. CloudFront keeps names that begin with `x-edge-` to itself.
 */
export const edgeHeaders = { key: 'x-vestibule-key', viewer: 'x-vestibule-viewer' } as const;
