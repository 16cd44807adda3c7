/** What `public/start.js` and `public/early.js` have asked for before the page's code came; absent elsewhere. */
// oxlint-disable-next-line no-var -- Only so declared it is the window's.
declare var early:
  | {
      /** The answer to a request for this address, once. */
      readonly take: (address: string) => Promise<Response> | undefined
      /** Why there is no graphics processor to use; null where there may be one. */
      readonly noGpu?: Promise<'unoffered' | 'unfound' | 'software' | null>
    }
  | undefined
