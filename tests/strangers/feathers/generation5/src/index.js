import { serve } from '../../shared/serving.js'
import { createApp } from './app.js'

await serve(createApp)
