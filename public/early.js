// Classic script that runs before the page's code: asks for what the first view needs, and draws the stored pictures into the page
// as the build has drawn it. What it asked for the application takes over, so that nothing is fetched twice.
;(() => {
  const picture = window.early?.seen('./first-light.png')
  /** Draws positive, negative and guided, a picture under the other at the left of the atlas, into the first canvases. */
  async function draw() {
    const atlas = await (await picture).clone().blob()
    const { width, height } = await createImageBitmap(atlas)
    const [wide, high] = [width / 2, height / 3]
    const shell = () => document.getElementById('shell')
    while (!shell() && document.readyState === 'loading') await new Promise(requestAnimationFrame)
    const canvases = [...(shell()?.querySelectorAll('figure canvas') ?? [])].slice(0, 3)
    for (const [row, canvas] of canvases.entries()) {
      // Cut out before it is enlarged, or its edges would be mixed with its neighbours'.
      const image = await createImageBitmap(atlas, 0, row * high, wide, high)
      const box = canvas.getBoundingClientRect()
      canvas.width = Math.min(8 * wide, Math.round(box.width * devicePixelRatio)) || wide
      canvas.height = Math.min(8 * high, Math.round(box.height * devicePixelRatio)) || high
      const context = canvas.getContext('2d')
      context.imageSmoothingQuality = 'high'
      context.drawImage(image, 0, 0, canvas.width, canvas.height)
    }
  }
  // Without them their places stay empty, until the application draws its own.
  if (picture) draw().catch(() => undefined)
})()
