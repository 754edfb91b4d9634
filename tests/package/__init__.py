"""The wheel, the source archive and the bundle, built and tried: ``make package``."""
