"""Read the digits of a picture with the ready-made network, as `predict` does."""

import sys
from pathlib import Path

from core.inspection.prediction import predict_all
from core.pictures.pictures import read_whole_picture
from core.pictures.sheet import read_sheet
from core.saving.shipped import load_shipped_network

# A photo, scan or drawing: PNG, JPEG, WebP, BMP, GIF or TIFF.
file = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("digits.jpg")

# The digits in reading order, each cut out and brought to 28×28 as MNIST's were.
sheet = read_sheet(read_whole_picture(file), file.name)

# Another network: load_run("run.npz") in core.saving.run_file.
run = load_shipped_network()

# A prediction is certain if its probability reaches the threshold of its digit.
predictions = predict_all(run.network, sheet.images, run.thresholds)

for prediction, digit in zip(predictions, sheet.digits, strict=True):
    sure = "" if prediction.is_certain else "  not sure"
    box = digit.box
    print(
        f"{prediction.digit}  {prediction.confidence:6.1%}  row {digit.row}  "
        f"x {box.left}–{box.right}, y {box.top}–{box.bottom}{sure}"
    )
