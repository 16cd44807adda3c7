/** The bar over a room: the page's name, and the way back to the pictures. */
export function RoomBar({ back }: { readonly back: string }) {
  return (
    <header className="flex h-12 items-center gap-4 border-b border-line px-3 sm:px-6">
      <p className="shrink-0 font-semibold tracking-[-0.01em]">
        Guidance<span className="max-sm:hidden"> Playground</span>
      </p>
      <a data-part="to-play" className="button ml-auto" href={back}>
        Back to the pictures
      </a>
    </header>
  )
}
