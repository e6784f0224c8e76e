import MadangProgramme

/// The sentences of `JobRefusal`.
extension JobRefusal {
  static func what(_ refusal: JobRefusal, _ language: Language) -> String {
    switch refusal {
    case .notAScript:
      said(
        language, ko: "스크립트의 첫 줄이 ‘#!’로 시작하지 않습니다.",
        en: "The script does not begin with ‘#!’.")
    case .zeroByte(let line):
      said(
        language, ko: "스크립트 \(line)행에 널 문자가 있습니다.",
        en: "Line \(line) of the script has a zero byte.")
    case .carriageReturn(let line):
      said(
        language, ko: "스크립트 \(line)행에 캐리지 리턴(DOS 줄바꿈)이 있습니다.",
        en: "Line \(line) of the script has a carriage return (a DOS line break).")
    case .notText(let line):
      said(
        language, ko: "스크립트 \(line)행이 UTF-8이 아닙니다.",
        en: "Line \(line) of the script is not UTF-8.")
    case .lineTooLong(let line, let bytes, let limit):
      said(
        language, ko: "스크립트 \(line)행이 \(bytes)바이트로, 최대 \(limit)바이트를 넘습니다.",
        en: "Line \(line) of the script has \(bytes) bytes; \(limit) are allowed.")
    case .openQuote(let line):
      said(
        language, ko: "스크립트 \(line)행의 따옴표가 닫히지 않았습니다.",
        en: "A quotation mark in line \(line) is not closed.")
    case .missingValue(let option, let line):
      said(
        language, ko: "\(line)행의 \(option)에 값이 없습니다.",
        en: "\(option) in line \(line) has no value.")
    case .badValue(let option, let value, let line):
      said(
        language, ko: "\(place(line, .ko))\(option)의 값 ‘\(shown(value))’을(를) 읽을 수 없습니다.",
        en: "\(place(line, .en))\(option) cannot be ‘\(shown(value))’.")
    case .contradiction(let one, let other):
      said(
        language,
        ko: """
          \(other.line)행의 \(shown(other))과(와) \(one.line)행의 \(shown(one))이(가) \
          서로 맞지 않습니다.
          """,
        en: """
          \(shown(other)) in line \(other.line) and \(shown(one)) in line \(one.line) \
          do not go together.
          """)
    case .notHere(let option, let line):
      said(
        language, ko: "\(line)행: \(option)은(는) 여기서 지킬 수 없습니다.",
        en: "Line \(line): \(option) cannot be kept here.")
    default: limitWhat(refusal, language)
    }
  }

  private static func limitWhat(_ refusal: JobRefusal, _ language: Language) -> String {
    switch refusal {
    case .unfit(let part, let line):
      said(
        language, ko: "\(place(line, .ko))\(part.name(.ko))을(를) 쓸 수 없습니다.",
        en: "\(place(line, .en))The \(part.name(.en)) cannot be used.")
    case .tooLong(let part, let bytes, let limit):
      said(
        language, ko: "\(part.name(.ko))이(가) \(bytes)바이트로, 최대 \(limit)바이트를 넘습니다.",
        en: "The \(part.name(.en)) has \(bytes) bytes; \(limit) are allowed.")
    case .tooMany(let part, let count, let limit):
      said(
        language, ko: "\(part.name(.ko))이(가) \(count)개로, 최대 \(limit)개를 넘습니다.",
        en: "The \(part.name(.en)) has \(count) items; \(limit) are allowed.")
    case .tooManyTasks(let tasks, let limit):
      said(
        language, ko: "배열 작업이 \(tasks)개로, 최대 \(limit)개를 넘습니다.",
        en: "The array has \(tasks) tasks; \(limit) are allowed.")
    case .gpusOutOfRange(let gpus, let limit):
      said(
        language, ko: "GPU \(gpus)장은 요청할 수 없습니다(0–\(limit)).",
        en: "\(gpus) GPUs cannot be asked for (0 to \(limit)).")
    case .timeOutOfRange(let seconds, let limit):
      said(
        language, ko: "제한 시간 \(seconds)초는 쓸 수 없습니다(1–\(limit)초).",
        en: "The time limit cannot be \(seconds) seconds (1 to \(limit)).")
    case .beyondBudget(let asked, let left, _, _, _):
      said(
        language, ko: "이 작업은 최대 \(asked) GPU초를 쓸 수 있지만 한도가 \(left) GPU초 남았습니다.",
        en: "The job could use \(asked) GPU-seconds, but \(left) are left.")
    case .beyondReservation(let gpus, let reserved):
      said(
        language, ko: "GPU \(gpus)장이 필요하지만 전용 할당은 \(reserved)장입니다.",
        en: "The job needs \(gpus) GPUs; the allocation has \(reserved).")
    default:
      said(
        language, ko: "제한 시간이 없습니다.", en: "The job has no time limit.")
    }
  }

  static func help(_ refusal: JobRefusal, _ language: Language) -> String {
    switch refusal {
    case .notAScript:
      said(
        language, ko: "첫 줄에 ‘#!/bin/bash’와 같이 쓰십시오.",
        en: "Begin it with a line such as ‘#!/bin/bash’.")
    case .zeroByte, .notText:
      said(
        language, ko: "텍스트 파일인지 확인하십시오.", en: "Check that the file is a text.")
    case .carriageReturn:
      said(
        language, ko: "‘sed -i 's/\\r$//' 파일’로 줄바꿈을 고치십시오.",
        en: "Convert it: sed -i 's/\\r$//' FILE.")
    case .lineTooLong, .openQuote, .missingValue, .badValue, .unfit:
      said(language, ko: "그 값을 고치십시오.", en: "Correct it there.")
    case .notHere:
      said(
        language, ko: "그 줄을 빼고, GPU 수는 --gpus로, 때는 --dependency나 제출 시각으로 정하십시오.",
        en: "Take the line out: say the GPUs by --gpus, and when by --dependency or by when you "
          + "submit.")
    case .contradiction:
      said(language, ko: "둘 가운데 하나를 지우십시오.", en: "Take one of the two out.")
    case .tooLong, .tooMany:
      said(
        language, ko: "큰 자료는 파일로 두고 그 경로를 넘기십시오.",
        en: "Put large data into a file and pass its path.")
    case .tooManyTasks:
      said(
        language, ko: "여러 배열로 나누십시오.", en: "Split it into several arrays.")
    case .gpusOutOfRange, .timeOutOfRange:
      said(language, ko: "범위 안의 값을 주십시오.", en: "Give a value within the range.")
    case .noTimeLimit:
      said(
        language, ko: "--time으로 제한 시간을 주십시오.", en: "Give one with --time.")
    case .beyondBudget(_, let left, let gpus, let seconds, let tasks):
      budgetHelp(language, left: left, each: Int64(gpus), seconds: seconds, tasks: Int64(tasks))
    case .beyondReservation(_, let reserved):
      said(
        language, ko: "GPU를 \(reserved)장까지 요청하십시오.",
        en: "Ask for at most \(reserved) GPUs.")
    }
  }

  /// What would fit: less time for as many GPUs, or fewer GPUs for as long.
  private static func budgetHelp(
    _ language: Language, left: Int64, each gpus: Int64, seconds: Int64, tasks: Int64
  ) -> String {
    let longest = max(left, 0) / max(gpus * tasks, 1)
    let most = max(left, 0) / max(seconds * tasks, 1)
    if longest == 0 {
      return said(
        language, ko: "추가배정을 신청하십시오.", en: "Ask for a supplement to the award.")
    }
    return said(
      language,
      ko: most == 0
        ? "제한 시간을 \(longest)초 이하로 줄이십시오."
        : "제한 시간을 \(longest)초 이하로, 또는 GPU를 \(most)장 이하로 줄이십시오.",
      en: most == 0
        ? "Ask for at most \(longest) seconds."
        : "Ask for at most \(longest) seconds, or for at most \(most) GPUs.")
  }

  private static func place(_ line: Int?, _ language: Language) -> String {
    guard let line else { return "" }
    return said(language, ko: "\(line)행: ", en: "Line \(line): ")
  }

  private static func shown(_ said: Said) -> String {
    said.value.isEmpty ? said.option : "\(said.option) ‘\(shown(said.value))’"
  }

  /// A value as it may stand in a sentence: short, and without what would move the cursor.
  static func shown(_ value: String) -> String {
    let plain = value.unicodeScalars.prefix(60).map { scalar in
      scalar.value < 32 || (127..<160).contains(scalar.value) ? "�" : String(scalar)
    }
    return plain.joined() + (value.unicodeScalars.count > 60 ? "…" : "")
  }
}

extension JobPart {
  func name(_ language: Language) -> String {
    switch self {
    case .name: said(language, ko: "작업 이름", en: "name")
    case .command: said(language, ko: "명령", en: "command")
    case .script: said(language, ko: "스크립트", en: "script")
    case .environment: said(language, ko: "환경 변수", en: "environment")
    case .workingFolder: said(language, ko: "작업 폴더", en: "working folder")
    case .output: said(language, ko: "출력 파일", en: "output file")
    case .dependency: said(language, ko: "선행 작업", en: "list of dependencies")
    }
  }
}
