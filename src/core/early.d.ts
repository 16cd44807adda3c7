/** What `public/start.js` and `public/early.js` have asked for before the page's code came; absent elsewhere. */
// oxlint-disable-next-line no-var -- Only so declared it is the window's.
declare var early:
  | {
      /** Asks for what the page's code will take, unless that was faster and has asked. */
      readonly ask: (address: string) => void
      /** The answer to a request for this address, once. */
      readonly take: (address: string) => Promise<Response> | null | undefined
      /** Why there is no graphics processor to use; null where there may be one. */
      readonly noGpu?: Promise<'unoffered' | 'unfound' | 'software' | null>
    }
  | undefined
