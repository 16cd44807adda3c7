/** Numbers as a person reads them, for the page. */
export * from '../../core/format'
